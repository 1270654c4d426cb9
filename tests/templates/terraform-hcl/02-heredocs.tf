# Comments, and strings with { and }.
resource "aws_cloudwatch_event_rule" "plain" {
  event_pattern = <<EOF
{
  "source": ["aws.ec2"],
  "detail": {"state": [{"prefx": "x"}]}
}
EOF
}

resource "aws_cloudwatch_event_rule" "indented" {
  event_pattern = <<-PATTERN
    {
      "source": ["a\u00e4", "$${literal}", "%%{literal}"],
        "detail": {"ä": [{"suffx": "x"}]}
    }
  PATTERN
}

resource "aws_cloudwatch_event_rule" "value" {
  event_pattern = <<-EOT
    {"source": ["${var.source}", x]}
  EOT
}
