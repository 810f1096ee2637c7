# For those who only look at products, if there are so many that the table should not be asked (docs/reading.md).
locals {
  dax = var.dax_node_type != null
}

resource "aws_dax_cluster" "flashstock" {
  count = local.dax ? 1 : 0

  cluster_name                     = "${var.name}-dax"
  description                      = "flashstock: the catalogue"
  node_type                        = var.dax_node_type
  replication_factor               = 3 # a primary and two replicas
  cluster_endpoint_encryption_type = "TLS"
  iam_role_arn                     = aws_iam_role.dax[0].arn
  subnet_group_name                = aws_dax_subnet_group.flashstock[0].name
  security_group_ids               = [aws_security_group.dax[0].id]

  server_side_encryption {
    enabled = true
  }

  # It begins by describing what it may read.
  depends_on = [aws_iam_role_policy.dax]
}

resource "aws_dax_subnet_group" "flashstock" {
  count = local.dax ? 1 : 0

  name       = "${var.name}-dax"
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "dax" {
  count = local.dax ? 1 : 0

  name        = "${var.name}-dax"
  description = "flashstock: DAX"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "dax" {
  for_each = local.dax ? var.clients : {}

  security_group_id            = aws_security_group.dax[0].id
  referenced_security_group_id = each.value
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = 9111 # DAX with TLS
  to_port                      = 9111
}

data "aws_iam_policy_document" "dax_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["dax.amazonaws.com"]
    }
  }
}

# It never sees a write.
resource "aws_iam_role" "dax" {
  count = local.dax ? 1 : 0

  name               = "${var.name}-dax"
  description        = "flashstock's DAX cluster"
  assume_role_policy = data.aws_iam_policy_document.dax_trust.json
}

resource "aws_iam_role_policy" "dax" {
  count = local.dax ? 1 : 0

  name   = "catalogue"
  role   = aws_iam_role.dax[0].id
  policy = data.aws_iam_policy_document.dax.json
}
