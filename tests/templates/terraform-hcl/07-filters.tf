resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = aws_sqs_queue.q.arn
  filter_criteria {
    filter {
      pattern = jsonencode({ body = { kind = ["a"] } })
    }
    filter {
      pattern = jsonencode({ body = { kind = [{ prefx = "b" }] } })
    }
    filter {
    }
  }
}

resource "aws_lambda_event_source_mapping" "all" {
  event_source_arn = aws_sqs_queue.q.arn
}

resource "aws_lambda_event_source_mapping" "dynamic" {
  filter_criteria {
    dynamic "filter" {
      for_each = var.patterns
      content {
        pattern = filter.value
      }
    }
  }
}

resource "aws_pipes_pipe" "pipe" {
  source_parameters {
    filter_criteria {
      filter { pattern = "{\"body\": {\"a\": [1]}}" }
    }
  }
}

resource "aws_pipes_pipe" "all" {
  source = "x"
}

resource "aws_sns_topic_subscription" "policy" {
  filter_policy = jsonencode({ kind = ["a"] })
}

resource "aws_cloudwatch_event_archive" "archive" {
  event_source_arn = aws_cloudwatch_event_bus.shop.arn
  event_pattern    = jsonencode({ source = ["shop.orders"] })
}

resource "aws_cloudwatch_event_archive" "all" {
  event_source_arn = aws_cloudwatch_event_bus.shop.arn
}
