terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 6.13 is the first with warm_throughput, 6.11 with a mode of Contributor Insights.
      version = ">= 6.13, < 7.0"
    }
  }
}
