resource "aws_cloudwatch_event_rule" "none" {
  name = "none"
}

resource "aws_cloudwatch_event_rule" "null" {
  event_pattern = null
}

resource "aws_cloudwatch_event_rule" "number" {
  event_pattern = 5
}

resource "aws_cloudwatch_event_rule" "object" {
  event_pattern = { source = ["a"] }
}

resource "aws_cloudwatch_event_rule" "twice" {
  event_pattern = jsonencode({ source = ["a"], "source" = ["b"] })
}

resource aws_cloudwatch_event_rule bare {
  event_pattern = jsonencode({ source = "a" })
}
