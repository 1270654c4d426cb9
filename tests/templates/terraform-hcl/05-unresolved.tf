variable "source" {
  default = "shop"
}

locals {
  pattern = { source = ["a"] }
}

resource "aws_cloudwatch_event_rule" "variable" {
  event_pattern = jsonencode({ source = [var.source] })
}

resource "aws_cloudwatch_event_rule" "local" {
  event_pattern = jsonencode(local.pattern)
}

resource "aws_cloudwatch_event_rule" "template" {
  event_pattern = jsonencode({ source = ["x-${var.stage}"] })
}

resource "aws_cloudwatch_event_rule" "file" {
  event_pattern = file("${path.module}/pattern.json")
}

resource "aws_cloudwatch_event_rule" "each" {
  for_each      = toset(["a", "b"])
  event_pattern = jsonencode({ source = [each.key] })
}

resource "aws_cloudwatch_event_rule" "counted" {
  count         = var.is_on ? 1 : 0
  event_pattern = jsonencode({ source = ["a"] })
}
