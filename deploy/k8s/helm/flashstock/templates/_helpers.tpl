{{/* The release's name, with the chart's unless it has it. */}}
{{- define "flashstock.name" -}}
{{- if contains "flashstock" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-flashstock" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "flashstock.secret" -}}
{{- .Values.secret | default (include "flashstock.name" .) -}}
{{- end -}}

{{/* What the pods of both roles are selected by. */}}
{{- define "flashstock.selector" -}}
app.kubernetes.io/name: flashstock
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What every object has, besides its name. */}}
{{- define "flashstock.chart" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "flashstock.labels" -}}
{{ include "flashstock.selector" . }}
{{ include "flashstock.chart" . }}
{{- end -}}

{{- define "flashstock.image" -}}
{{- $tag := .Values.image.tag | default (printf "%s-%s" .Chart.AppVersion .Values.runtime) -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- end -}}

{{/* All settings without secrets, as a map; what .Values.settings says comes last. */}}
{{- define "flashstock.settings" -}}
{{- $name := include "flashstock.name" . -}}
{{- $settings := dict
      "QUARKUS_REDIS_HOSTS" .Values.redis
      "QUARKUS_DYNAMODB_AWS_REGION" .Values.aws.region
      "QUARKUS_SQS_AWS_REGION" .Values.aws.region
      "FLASHSTOCK_DYNAMODB_TABLE" .Values.table
      "FLASHSTOCK_SQS_QUEUE" .Values.queue
      "FLASHSTOCK_SQS_DEAD_LETTER_QUEUE" .Values.deadLetterQueue
      "MP_JWT_VERIFY_ISSUER" (required "identity.issuer: what your identity provider calls itself in its tokens" .Values.identity.issuer)
      "MP_JWT_VERIFY_AUDIENCES" (required "identity.audiences: what tokens for flashstock name" .Values.identity.audiences) -}}
{{- if not .Values.identity.keyInSecret -}}
{{- $_ := set $settings "MP_JWT_VERIFY_PUBLICKEY_LOCATION" (required "identity.jwksUrl: the https URL of your identity provider's JWKS, or identity.keyInSecret" .Values.identity.jwksUrl) -}}
{{- end -}}
{{- if .Values.local.enabled -}}
{{- $settings = merge (dict
      "QUARKUS_REDIS_HOSTS" (printf "redis://%s-redis:6379" $name)
      "QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE" (printf "http://%s-dynamodb:8000" $name)
      "QUARKUS_SQS_ENDPOINT_OVERRIDE" (printf "http://%s-elasticmq:9324" $name)
      "AWS_ACCESS_KEY_ID" "local"
      "AWS_SECRET_ACCESS_KEY" "local"
      "FLASHSTOCK_PROVISION" "true"
      "FLASHSTOCK_CLOUDWATCH_ENABLED" "false") $settings -}}
{{- end -}}
{{- toYaml (merge (deepCopy .Values.settings) $settings) -}}
{{- end -}}
