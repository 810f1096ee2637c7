data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # Every process sells; the other uses are those of policies.tf.json.
  shared = concat(["sell"], var.summaries ? ["follow"] : [], local.dax ? ["look"] : [])
  asked  = concat(["audit", "diagnose"], var.admin_fixes ? ["fix"] : [])

  uses = {
    api         = concat(local.shared, local.asked)
    worker      = concat(local.shared, ["consume"])
    service     = concat(local.shared, local.asked, ["consume"])
    provisioner = concat(local.shared, ["provision"])
  }

  documents = merge(
    {
      sell      = data.aws_iam_policy_document.sell.json
      consume   = data.aws_iam_policy_document.consume.json
      audit     = data.aws_iam_policy_document.audit.json
      follow    = data.aws_iam_policy_document.follow.json
      diagnose  = data.aws_iam_policy_document.diagnose.json
      fix       = data.aws_iam_policy_document.fix.json
      provision = data.aws_iam_policy_document.provision.json
    },
    local.dax ? { look = data.aws_iam_policy_document.look.json } : {}
  )

  granted = merge([
    for role in keys(var.service_accounts) : { for use in local.uses[role] : "${role}-${use}" => { role = role, use = use } }
  ]...)

  consumers = [for role in keys(var.service_accounts) : role if contains(local.uses[role], "consume")]
}

# A service account of EKS becomes its role by Pod Identity, which tags the session with where the pod is.
data "aws_iam_policy_document" "trust" {
  for_each = var.service_accounts

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = [var.namespace]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = [each.value]
    }

    dynamic "condition" {
      for_each = var.cluster[*]

      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/eks-cluster-name"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "flashstock" {
  for_each = var.service_accounts

  name               = "${var.name}-${each.key}"
  description        = "flashstock's processes: ${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}

resource "aws_iam_role_policy" "flashstock" {
  for_each = local.granted

  name   = each.value.use
  role   = aws_iam_role.flashstock[each.value.role].id
  policy = local.documents[each.value.use]
}

resource "aws_eks_pod_identity_association" "flashstock" {
  for_each = var.cluster == null ? {} : var.service_accounts

  cluster_name    = var.cluster
  namespace       = var.namespace
  service_account = each.value
  role_arn        = aws_iam_role.flashstock[each.key].arn
}

# Nobody but these roles sends, whatever else their own policies allow (docs/security.md, Queue messages), and nobody
# without TLS does anything. SQS itself moves dead letters, and needs no permission for that.
data "aws_iam_policy_document" "queue" {
  for_each = {
    requests = { arn = aws_sqs_queue.requests.arn, senders = keys(var.service_accounts) }
    dead     = { arn = aws_sqs_queue.dead.arn, senders = local.consumers }
  }

  statement {
    sid       = "OthersSendNothing"
    effect    = "Deny"
    actions   = ["sqs:SendMessage"]
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnNotEquals"
      variable = "aws:PrincipalArn"
      values   = concat([for role in each.value.senders : aws_iam_role.flashstock[role].arn], var.senders)
    }

    condition {
      test     = "Bool"
      variable = "aws:PrincipalIsAWSService"
      values   = ["false"]
    }
  }

  statement {
    sid       = "NothingWithoutTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "requests" {
  queue_url = aws_sqs_queue.requests.id
  policy    = data.aws_iam_policy_document.queue["requests"].json
}

resource "aws_sqs_queue_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id
  policy    = data.aws_iam_policy_document.queue["dead"].json
}
