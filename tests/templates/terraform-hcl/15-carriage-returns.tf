resource "aws_cloudwatch_event_rule" "a" {
	event_pattern = jsonencode({
		"sä" = [{ prefx = "x" }]
	})
}

resource "aws_cloudwatch_event_rule" "b" {
	event_pattern = <<EOF
{
	"a": [{"prefx": 1}]
}
EOF
}
