# What the module is told. The defaults of the table and the queues are flashstock's own; TerraformTest compares them.

variable "name" {
  description = "What the names of roles, caches, security groups and the alarms' stack begin with"
  type        = string
  default     = "flashstock"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", var.name))
    error_message = "2 to 16 lower-case letters, digits and hyphens: a DAX cluster's name has 20 at most."
  }
}

# The table

variable "table" {
  description = "The table's name: flashstock.dynamodb.table"
  type        = string
  default     = "flashstock"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.table))
    error_message = "3 to 255 letters, digits, and _ . -"
  }
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table"
  type        = bool
  default     = true
}

variable "warm_throughput" {
  description = "What the table bears at once, in units a second; null: what DynamoDB gives it. It is paid for once, and is never lowered again"
  type = object({
    reads  = number
    writes = number
  })
  default = null

  validation {
    condition     = var.warm_throughput == null || try(var.warm_throughput.reads >= 12000 && var.warm_throughput.writes >= 4000, false)
    error_message = "A new table bears 12000 reads and 4000 writes already, and they are the least that DynamoDB takes."
  }
}

variable "summaries" {
  description = "Whether the processes follow the table's stream: flashstock.totals.source=summary"
  type        = bool
  default     = false
}

# The queues

variable "queue" {
  description = "The queue's name: flashstock.sqs.queue"
  type        = string
  default     = "flashstock-reservations"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.queue))
    error_message = "1 to 80 letters, digits, and _ -: a standard queue (a FIFO queue ends in .fifo)."
  }
}

variable "dead_letter_queue" {
  description = "The dead-letter queue's name: flashstock.sqs.dead-letter-queue"
  type        = string
  default     = "flashstock-reservations-dead"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.dead_letter_queue)) && var.dead_letter_queue != var.queue
    error_message = "1 to 80 letters, digits, and _ -, and another name than the queue's."
  }
}

variable "max_receives" {
  description = "How often a message is received before it goes to the dead-letter queue: flashstock.sqs.max-receives"
  type        = number
  default     = 20

  validation {
    condition     = var.max_receives >= 1 && var.max_receives <= 1000 && floor(var.max_receives) == var.max_receives
    error_message = "A whole number from 1 to 1000."
  }
}

variable "visibility_seconds" {
  description = "How long a received message is hidden: flashstock.sqs.visibility"
  type        = number
  default     = 30

  validation {
    condition     = var.visibility_seconds >= 1 && var.visibility_seconds <= 43200 && floor(var.visibility_seconds) == var.visibility_seconds
    error_message = "Whole seconds, from 1 to 43200 (12 hours)."
  }
}

variable "senders" {
  description = "Further roles, by their ARNs, that may send to the queues, such as that of who moves dead letters back"
  type        = list(string)
  default     = []
}

# The network

variable "vpc_id" {
  description = "The VPC of the caches"
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the caches, in two zones at least"
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Two at least: a replica is in another zone than its primary."
  }
}

variable "clients" {
  description = "The security groups of flashstock's processes, by any names: {nodes = \"sg-...\"}"
  type        = map(string)

  validation {
    condition     = length(var.clients) >= 1
    error_message = "One at least: nobody else may speak with the caches."
  }
}

# The caches

variable "redis_node_type" {
  description = "The size of a node of Valkey"
  type        = string
  default     = "cache.m7g.large"

  validation {
    condition     = startswith(var.redis_node_type, "cache.")
    error_message = "A node type of ElastiCache begins with cache."
  }
}

variable "redis_nodes" {
  description = "A primary and its replicas"
  type        = number
  default     = 2

  validation {
    condition     = var.redis_nodes >= 2 && var.redis_nodes <= 6
    error_message = "2 to 6: failover needs a replica."
  }
}

variable "redis_password" {
  description = "What Valkey's clients log in with; null: TLS and the security group alone. It is in Terraform's state"
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.redis_password == null || can(regex("^[A-Za-z0-9!&#$^<>-]{16,128}$", var.redis_password))
    error_message = "16 to 128 letters, digits, and ! & # $ ^ < > -"
  }
}

variable "dax_node_type" {
  description = "The size of a node of the DAX cluster; null: there is none"
  type        = string
  default     = null

  validation {
    condition     = var.dax_node_type == null || try(startswith(var.dax_node_type, "dax."), false)
    error_message = "A node type of DAX begins with dax."
  }
}

# Who

variable "cluster" {
  description = "The EKS cluster in which the service accounts get their roles by Pod Identity; null: nothing is bound, see the output roles"
  type        = string
  default     = null
}

variable "namespace" {
  description = "The namespace of the service accounts"
  type        = string
  default     = "flashstock"
}

variable "service_accounts" {
  description = "Which roles there are, and the service account of each. service: processes that serve and consume; api and worker: processes that do one of both; provisioner: a process that is started once with flashstock.provision=true"
  type        = map(string)
  default     = { api = "flashstock-api", worker = "flashstock-worker" }

  validation {
    condition     = length(var.service_accounts) >= 1 && length(setsubtract(keys(var.service_accounts), ["service", "api", "worker", "provisioner"])) == 0
    error_message = "One at least of service, api, worker, provisioner, and no others."
  }

  validation {
    condition     = length(distinct(values(var.service_accounts))) == length(var.service_accounts)
    error_message = "A service account has one role."
  }
}

variable "admin_fixes" {
  description = "Whether admins may change the table by POST /diagnosis/tables/{table}/..., which is UpdateTable"
  type        = bool
  default     = false
}

# The alarms

variable "alarms" {
  description = "The ARN of the SNS topic that is told, the log group of the processes, and how old the oldest queued request may be; null: no alarms"
  type = object({
    topic                  = string
    log_group              = string
    oldest_message_seconds = optional(number, 60)
  })
  default = null

  validation {
    condition     = var.alarms == null || try(startswith(var.alarms.topic, "arn:") && var.alarms.log_group != "" && var.alarms.oldest_message_seconds >= 1, false)
    error_message = "The topic's ARN, the log group's name, and at least one second."
  }
}
