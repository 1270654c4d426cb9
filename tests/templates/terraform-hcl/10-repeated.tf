resource "aws_cloudwatch_event_rule" "a" {
  event_pattern = jsonencode({ source = ["a"] })
  event_pattern = jsonencode({ source = ["b"] })
}
