{{- define "opensend.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "opensend.secret" -}}
{{- .Values.existingSecret | default (include "opensend.name" .) }}
{{- end }}

{{- define "opensend.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "opensend.labels" -}}
{{ include "opensend.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Values that contradict each other. */}}
{{- define "opensend.check" -}}
{{- if .Values.sqlite.enabled }}
{{- if ne (int .Values.server.replicas) 1 }}{{ fail "sqlite.enabled is for one process: set server.replicas=1, or use PostgreSQL." }}{{ end }}
{{- if or .Values.autoscaling.enabled (gt (int .Values.worker.replicas) 0) }}{{ fail "sqlite.enabled has no workers: set worker.replicas=0 and autoscaling.enabled=false, or use PostgreSQL." }}{{ end }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled (not .Values.existingSecret) (not .Values.secrets.metricsToken) }}{{ fail "serviceMonitor.enabled needs secrets.metricsToken: openssl rand -hex 24" }}{{ end }}
{{- end }}

{{/* A pod that runs one command of the program: a list of root, component, command and resources. */}}
{{- define "opensend.pod" -}}
{{- $root := index . 0 }}{{- $component := index . 1 }}{{- $resources := index . 2 -}}
metadata:
  labels:
    {{- include "opensend.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $component }}
  annotations:
    checksum/secret: {{ include (print $root.Template.BasePath "/secret.yaml") $root | sha256sum }}
spec:
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets: {{ toYaml . | nindent 4 }}
  {{- end }}
  automountServiceAccountToken: false
  # A request waits up to 60 seconds for its receiver's response.
  terminationGracePeriodSeconds: 75
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: opensend
      image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [{{ if eq $component "worker" }}"worker"{{ else }}"start"{{ end }}]
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: ["ALL"] }
      env:
        - { name: NODE_ENV, value: production }
        - { name: OPENSEND_PUBLIC_URL, value: {{ $root.Values.publicUrl | quote }} }
        - { name: OPENSEND_TRUSTED_PROXIES, value: {{ $root.Values.trustedProxies | quote }} }
        {{- range $name, $value := $root.Values.env }}
        - { name: {{ $name }}, value: {{ $value | quote }} }
        {{- end }}
      envFrom:
        - secretRef: { name: {{ include "opensend.secret" $root }} }
      {{- if eq $component "server" }}
      ports:
        - { name: http, containerPort: 3015 }
      startupProbe:
        httpGet: { path: /api/health, port: http }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /api/health, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
      readinessProbe:
        httpGet: { path: /api/ready, port: http }
        periodSeconds: 5
        timeoutSeconds: 5
      {{- end }}
      resources: {{ toYaml $resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
  volumes:
    {{- if $root.Values.sqlite.enabled }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ $root.Values.sqlite.existingClaim | default (include "opensend.name" $root) }}
    {{- else }}
    - { name: data, emptyDir: {} }
    {{- end }}
    - { name: tmp, emptyDir: {} }
  {{- with $root.Values.nodeSelector }}
  nodeSelector: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.affinity }}
  affinity: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
