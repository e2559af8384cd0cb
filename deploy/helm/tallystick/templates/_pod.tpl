{{/* What all pods have in common. Takes a dict: root, config (settings of this pod), secrets, args, resources, component. */}}

{{/* The settings as variables: those of the chart, which win, then those of the values. Secrets are files. */}}
{{- define "tallystick.environment" -}}
{{- $shutdown := .root.Values.shutdown -}}
{{- $fixed := dict
      "TALLYSTICK_ENVIRONMENT" "production"
      "TALLYSTICK_DATABASE__MIGRATE_ON_START" "false"
      "TALLYSTICK_LOG__FORMAT" "json"
      "TALLYSTICK_SHUTDOWN__PAUSE_MS" (mul $shutdown.pauseSeconds 1000)
      "TALLYSTICK_SHUTDOWN__DRAIN_S" $shutdown.drainSeconds -}}
{{- $settings := merge $fixed .config -}}
{{- range $name := keys $settings | sortAlpha }}
- name: {{ $name }}
  {{- $value := get $settings $name }}
  {{- /* Every number of the values comes as a float; whole ones are written without an exponent. */}}
  value: {{ (and (kindIs "float64" $value) (eq (floor $value) $value) | ternary (int64 $value) $value) | toString | quote }}
{{- end }}
{{- range $name := keys .secrets | sortAlpha }}
- name: {{ $name }}_FILE
  value: /run/secrets/tallystick/{{ $name }}
{{- end }}
{{- end -}}

{{- define "tallystick.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "tallystick.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
    {{- with $root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $root.Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with $root.Values.serviceAccountName }}
  serviceAccountName: {{ . }}
  {{- end }}
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    seccompProfile: {type: RuntimeDefault}
  {{- .scheduling | nindent 2 }}
  containers:
    - name: tallystick
      image: {{ include "tallystick.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: {{ toJson .args }}
      env:
        {{- include "tallystick.environment" . | trim | nindent 8 }}
      {{- with .ports }}
      ports:
        {{- . | nindent 8 }}
      {{- end }}
      {{- with .probes }}
      {{- . | nindent 6 }}
      {{- end }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        privileged: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: secrets, mountPath: /run/secrets/tallystick, readOnly: true}
  volumes:
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- range $name, $reference := .secrets }}
          - secret:
              name: {{ $reference.name }}
              items: [{key: {{ $reference.key | quote }}, path: {{ $name }}}]
          {{- end }}
          {{- with $root.Values.authorities }}
          - secret:
              name: {{ .name }}
              items: [{key: {{ .key | quote }}, path: authorities.pem}]
          {{- end }}
{{- end -}}
