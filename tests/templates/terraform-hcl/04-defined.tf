resource "aws_cloudwatch_event_rule" "all" {
  event_bus_name = var.bus
  event_pattern = jsonencode({
    source  = var.sources
    account = [data.aws_caller_identity.current.account_id, local.accounts["b"]]
    region  = ["${var.region}", module.net.region, aws_x.y[0].region]
    detail  = { limit = [{ numeric = [">", var.limit] }], x = [each.value] }
  })
}
