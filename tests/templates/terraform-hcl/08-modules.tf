module "eventbridge" {
  source = "terraform-aws-modules/eventbridge/aws"
  rules = {
    orders = {
      description   = "orders"
      event_pattern = jsonencode({ source = ["a"] })
    }
    "carts" = { "event_pattern" = "{}" }
  }
}

module "rule" {
  source        = "./rule"
  event_pattern = jsonencode({ source = ["a"] })
}

module "network" {
  source = "./network"
}
