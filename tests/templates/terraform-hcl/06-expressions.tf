resource "aws_cloudwatch_event_rule" "condition" {
  event_pattern = var.prod ? jsonencode({ source = ["a"] }) : null
}

resource "aws_cloudwatch_event_rule" "loop" {
  event_pattern = jsonencode({ source = [for s in var.sources : upper(s)] })
}

resource "aws_cloudwatch_event_rule" "merged" {
  event_pattern = jsonencode(merge(local.a, { source = ["a"] }))
}

resource "aws_cloudwatch_event_rule" "sum" {
  event_pattern = jsonencode({ detail = { n = [1 + 2] } })
}

resource "aws_cloudwatch_event_rule" "splat" {
  event_pattern = jsonencode({ resources = aws_s3_bucket.b[*].arn })
}

resource "aws_cloudwatch_event_rule" "directive" {
  event_pattern = <<-EOT
    {"source": [%{ for s in var.sources }"${s}"%{ endfor }]}
  EOT
}

resource "aws_cloudwatch_event_rule" "strip" {
  event_pattern = "{\"source\": [ ${~ var.a ~} ]}"
}

resource "aws_cloudwatch_event_rule" "key" {
  event_pattern = jsonencode({ var.a = ["x"] })
}

resource "aws_cloudwatch_event_rule" "number" {
  event_pattern = jsonencode({ a = [007, -var.x, !true] })
}
