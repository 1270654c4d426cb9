//! The table of lints: for each kind its code, its default level, its message, its help and examples.
//!
//! Codes never change, and the code of a removed kind is never reused. The documentation, the command
//! line and tests are made from the table.

use super::row::{Level, Needs, Row};
use super::table::lints;

lints! {
    /// The alternatives of the field have no effect, because a later field with the same path
    /// replaces them.
    DuplicateKey = "duplicate-key", Warn, Rule: "a later field with the same path takes the place of this one"
        help "write all alternatives in one list"
        bad [r#"{"source":["aws.ec2"],"source":["aws.s3"]}"#] at r#""source""#
        good [r#"{"source":["aws.ec2","aws.s3"]}"#];

    /// The name has a dot, and the part before the dot is the name of an object in the same object. Both
    /// lead into one object.
    DottedKey = "dotted-key", Warn, Rule: "this name and a nested object lead into the same object"
        help "write the field inside the object"
        bad [r#"{"detail":{"state":["running"]},"detail.instance-id":["i-1"]}"#] at r#""detail.instance-id""#
        good [r#"{"detail":{"state":["running"],"instance-id":["i-1"]}}"#];

    /// No event can match the rule, because no number lies between the bounds of the field.
    EmptyRange = "empty-range", Warn, Rule: "no number lies in this range, so no event can fit the rule"
        help "use `>=` or `<=` for a bound that is meant to be inside"
        bad [r#"{"detail":{"load":[{"numeric":[">",1,"<",1.0000000000000002]}]}}"#] at r#""load""#
        good [r#"{"detail":{"load":[{"numeric":[">=",1,"<",1.0000000000000002]}]}}"#];

    /// No event of an EventBridge bus can match the rule: the envelope field never has such a
    /// value.
    EnvelopeField = "envelope-field", Warn, Rule: "no event of an EventBridge bus has such a value in this field"
        help "`detail` is an object, `resources` a list of strings, the others are strings"
        bad [r#"{"source":["aws.ec2"],"account":[111122223333]}"#] at r#""account""#
        good [r#"{"source":["aws.ec2"],"account":["111122223333"]}"#];

    /// The name is not a member of the envelope of EventBridge events. The lint is silent if the
    /// rule or the set is for events with another envelope.
    UnknownMember = "unknown-member", Warn, Set: "the envelope of an EventBridge event has no member of this name"
        help "fields of the sender are inside `detail`"
        bad [r#"{"source":["aws.s3"],"detail-type":["Object Created"],"details":{"bucket":{"name":["uploads"]}}}"#]
            at r#""details""#
        good [r#"{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":["uploads"]}}}"#];

    /// The pattern is an object of rules, or of one rule. As a pattern, the object asks for events
    /// that contain all the rules' fields below the names of the rules.
    MapOfRules = "map-of-rules", Warn, Rule: "an object of rules is not a pattern: no event has fields below this name"
        help "write each pattern as a rule of its own: `{\"id\":\"…\",\"pattern\":{…}}`"
        bad [r#"{"on-start":{"source":["aws.ec2"]},"on-upload":{"source":["aws.s3"]}}"#] at r#""on-start""#
        good [r#"{"source":["aws.ec2"]}"#, r#"{"source":["aws.s3"]}"#];

    /// The name of the field is an operator. The list around the operator is missing, so the pattern
    /// asks for a field of this name.
    OperatorAsField = "operator-as-field", Warn, Rule: "this operator is read as the name of a field"
        help "an operator is inside a list: `[{\"prefix\":\"a\"}]`"
        bad [r#"{"detail":{"key":{"prefix":["in/"]}}}"#] at r#""prefix""#
        good [r#"{"detail":{"key":[{"prefix":"in/"}]}}"#];

    /// The field holds for every event, or for every event that has a value there. It has no
    /// effect, or the effect of `{"exists":true}`.
    AlwaysTrue = "always-true", Warn, Rule: "this field excludes no value"
        help "leave the field out"
        bad [r#"{"source":["aws.ec2"],"detail":{"state":[{"exists":true},{"exists":false}]}}"#] at r#""state""#
        good [r#"{"source":["aws.ec2"],"detail":{"state":[{"exists":true}]}}"#];

    /// Every value that satisfies the alternative satisfies another alternative of the list.
    CoveredAlternative = "covered-alternative", Warn, Rule: "another alternative already accepts all that this one accepts"
        help "leave the alternative out"
        bad [r#"{"source":["aws.ec2",{"prefix":"aws."}]}"#] at r#""aws.ec2""#
        good [r#"{"source":[{"prefix":"aws."},"custom.shop"]}"#];

    /// The alternatives are probably meant as conditions that all hold. One alternative is enough.
    MeantAsAnd = "meant-as-and", Warn, Rule: "these alternatives read like conditions, but one of them is enough"
        help "alternatives are ORed: no list says that two conditions hold together"
        bad [r#"{"detail":{"key":[{"prefix":"in/"},{"suffix":".png"}]}}"#] at r#"{"suffix":".png"}"#
        good [r#"{"detail":{"key":[{"wildcard":"in/*.png"}]}}"#];

    /// The string is the text of an operator or a pattern. As a string, it is compared character
    /// for character.
    QuotedPattern = "quoted-pattern", Warn, Rule: "a string that reads like an operator is compared as text"
        help "write the operator as an object: `{\"prefix\":\"a\"}`"
        bad [r#"{"source":["{\"prefix\":\"aws.\"}"]}"#] at r#""{\"prefix\":\"aws.\"}""#
        good [r#"{"source":[{"prefix":"aws."}]}"#];

    /// The string is a quoted number, and another rule of the set compares the same field with
    /// numbers.
    QuotedNumber = "quoted-number", Warn, Set: "a string here, but other rules compare this field with numbers"
        help "strings and numbers are never equal; leave out the quotes"
        bad [r#"{"detail":{"code":[{"numeric":[">=",500]}]}}"#, r#"{"detail":{"code":["404"]}}"#] at r#""404""#
        good [r#"{"detail":{"code":[{"numeric":[">=",500]}]}}"#, r#"{"detail":{"code":[404]}}"#];

    /// The string is a quoted `true`, `false` or `null`, and another rule of the set compares the
    /// same field with the literals.
    QuotedLiteral = "quoted-literal", Warn, Set: "a string here, but other rules compare this field with `true`, `false` or `null`"
        help "a string is never equal to `true`, `false` or `null`; leave out the quotes"
        bad [r#"{"detail":{"isError":[false]}}"#, r#"{"detail":{"isError":["true"]}}"#] at r#""true""#
        good [r#"{"detail":{"isError":[false]}}"#, r#"{"detail":{"isError":[true]}}"#];

    /// The text contains `*`, which only `wildcard` reads as any text.
    StarInText = "star-in-text", Warn, Rule: "the star is compared as a character"
        help "for any text, use `wildcard`; for a star, use `exactly`"
        bad [r#"{"detail":{"key":["in/*"]}}"#] at r#""in/*""#
        good [r#"{"detail":{"key":[{"prefix":"in/"},{"exactly":"out/*"}]}}"#];

    /// The wildcard is equal to a plain value, a prefix or a suffix.
    NeedlessWildcard = "needless-wildcard", Warn, Rule: "this wildcard is equal to a simpler alternative"
        help "the service allows 30 rules with wildcards on a bus; the simpler alternative does not count"
        bad [r#"{"detail":{"key":[{"wildcard":"in/*"}]}}"#] at r#"{"wildcard":"in/*"}"#
        good [r#"{"detail":{"key":[{"prefix":"in/"},{"wildcard":"out/*.png"}]}}"#];

    /// A value in the notation of DynamoDB has another kind: `N` and `S` contain strings, `BOOL` and
    /// `NULL` contain `true` or `false`.
    DynamodbType = "dynamodb-type", Warn, Rule: "DynamoDB never writes a value of this kind here"
        help "`N` and `S` contain strings, `BOOL` and `NULL` contain `true` or `false`"
        bad [r#"{"dynamodb":{"NewImage":{"qty":{"N":[{"numeric":[">",100]}]}}}}"#] at r#"{"numeric":[">",100]}"#
        good [r#"{"dynamodb":{"NewImage":{"qty":{"N":["100"]},"sold":{"BOOL":[true]}}}}"#];

    /// The address of the block has bits beyond the mask, which are ignored.
    CidrHostBits = "cidr-host-bits", Warn, Rule: "the address has bits beyond the mask, which are ignored"
        help "write the first address of the block"
        bad [r#"{"detail":{"ip":[{"cidr":"10.0.0.5/24"}]}}"#] at r#"{"cidr":"10.0.0.5/24"}"#
        good [r#"{"detail":{"ip":[{"cidr":"10.0.0.0/24"}]}}"#];

    /// A name or a value begins or ends with white space, which is compared like any text.
    BlankEnds = "blank-ends", Warn, Rule: "white space at the end of this text is compared like any text"
        help "leave out the white space"
        bad [r#"{"source":["aws.ec2 "]}"#] at r#""aws.ec2 ""#
        good [r#"{"source":["aws.ec2"],"detail-type":[{"prefix":"EC2 "}]}"#];

    /// The value of `account` is not an account id.
    AccountId = "account-id", Warn, Rule: "an account id has 12 digits"
        help "write all 12 digits, with the zeros at the front"
        bad [r#"{"source":["aws.ec2"],"account":["11122223333"]}"#] at r#""11122223333""#
        good [r#"{"source":["aws.ec2"],"account":["011122223333"]}"#];

    /// An earlier rule of the set has the same pattern, but for white space and escapes.
    SamePattern = "same-pattern", Warn, Set: "an earlier rule has the same pattern"
        help "every event that matches one rule matches the other"
        bad [r#"{"source":["aws.ec2"]}"#, r#"{ "source": ["aws.ec2"] }"#] at r#"{ "source": ["aws.ec2"] }"#
        good [r#"{"source":["aws.ec2"]}"#, r#"{"source":["aws.s3"]}"#];

    /// No event of the sample has a value on the path of the field.
    PathNotSeen = "path-not-seen", Warn, Events: "no event of the sample has a value here"
        help "compare the spelling and the level of the name with the events"
        bad [r#"{"detail":{"instanceId":["i-1"]}}"#] at r#""instanceId""# events [r#"{"detail":{"instance-id":"i-1"}}"#]
        good [r#"{"detail":{"instance-id":["i-1"]}}"#];

    /// The events of the sample have values on the path of the field, but none has a kind that the
    /// field accepts.
    KindNotSeen = "kind-not-seen", Warn, Events: "the events of the sample have values of other kinds here"
        help "a string is never equal to a number or a literal"
        bad [r#"{"detail":{"code":[{"numeric":[">",400]}]}}"#] at r#"{"numeric":[">",400]}"#
            events [r#"{"detail":{"code":"404"}}"#]
        good [r#"{"detail":{"code":["404"]}}"#];
}
