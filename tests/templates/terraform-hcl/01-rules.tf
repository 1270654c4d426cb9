terraform {
  required_version = ">= 1.9"
}

resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop"
}

resource "aws_cloudwatch_event_rule" "created" {
  name           = "created"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  event_pattern = jsonencode({
    source        = ["shop.orders"]
    "detail-type" = ["created", "changed"],
    detail : {
      total = [{ numeric = [">", 100, "<=", 2.5e3] }]
      gift  = [true, null, -1]
    }
  })
}

resource "aws_cloudwatch_event_rule" "off" {
  state          = "DISABLED"
  event_bus_name = "orders"
  event_pattern  = jsonencode({ source = [{ prefix = "shop." }] })
}

resource "aws_cloudwatch_event_rule" "off_too" {
  is_enabled    = false
  event_pattern = jsonencode({ source = ["x"] })
}

resource "aws_cloudwatch_event_rule" "nightly" {
  schedule_expression = "rate(1 day)"
}

data "aws_cloudwatch_event_rule" "other" {
  name = "other"
}
