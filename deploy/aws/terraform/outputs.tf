output "settings" {
  description = "flashstock's settings, as environment variables, for the ConfigMap of the processes. Without the password of Redis (QUARKUS_REDIS_PASSWORD), which is a secret"
  value = merge(
    local.settings,
    {
      QUARKUS_REDIS_HOSTS                               = "rediss://${aws_elasticache_replication_group.flashstock.primary_endpoint_address}:6379"
      QUARKUS_REDIS_TLS_HOSTNAME_VERIFICATION_ALGORITHM = "HTTPS"
      FLASHSTOCK_TOTALS_SOURCE                          = var.summaries ? "summary" : "shards"
    },
    { for cluster in aws_dax_cluster.flashstock : "FLASHSTOCK_DAX_ENDPOINT" => "daxs://${cluster.cluster_address}" }
  )
}

output "roles" {
  description = "The ARN of each role"
  value       = { for role, it in aws_iam_role.flashstock : role => it.arn }
}

output "policies" {
  description = "What each role may, as documents, for processes that do not run in EKS"
  value       = { for role in keys(var.service_accounts) : role => [for use in local.uses[role] : local.documents[use]] }
}

output "queue_urls" {
  description = "Where the queues are"
  value = {
    requests = aws_sqs_queue.requests.url
    dead     = aws_sqs_queue.dead.url
  }
}
