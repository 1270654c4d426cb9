resource "aws_cloudwatch_event_rule" "escapes" {
  event_pattern = "{\"source\": [\"\u00e4\\n\"], \"x\": [{\"prefx\": 1}]}"
}

resource "aws_cloudwatch_event_rule" "template" {
  event_pattern = "{\"source\": [\"$${x}-${var.a}\", y]}"
}

resource "aws_cloudwatch_event_rule" "call" {
  event_pattern = "${jsonencode({ source = ["a-${var.a}"], x = [{ prefx = "\U0001F600" }] })}"
}

resource "aws_cloudwatch_event_rule" "parentheses" {
  event_pattern = (jsonencode(({ (var.a) = ["x"], "k-${var.a}" = [1], 5 = [(2)] })))
}
