# Totals, news, heartbeats and limits. Nothing in it is needed to be right, so nothing of it is kept.
resource "aws_elasticache_replication_group" "flashstock" {
  replication_group_id = var.name
  description          = "flashstock"
  engine               = "valkey"
  engine_version       = "8.0"
  parameter_group_name = "default.valkey8"
  node_type            = var.redis_node_type

  # One shard: scripts and news speak of several keys, and flashstock asks one server.
  num_cache_clusters         = var.redis_nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true
  snapshot_retention_limit   = 0

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = var.redis_password
  auth_token_update_strategy = var.redis_password == null ? null : "ROTATE"

  port               = 6379
  subnet_group_name  = aws_elasticache_subnet_group.flashstock.name
  security_group_ids = [aws_security_group.redis.id]
}

resource "aws_elasticache_subnet_group" "flashstock" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "redis" {
  name        = "${var.name}-redis"
  description = "flashstock: Valkey"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "redis" {
  for_each = var.clients

  security_group_id            = aws_security_group.redis.id
  referenced_security_group_id = each.value
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}
