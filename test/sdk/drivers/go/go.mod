module driver

go 1.24

require github.com/opensend/opensend/clients/go v0.0.0

replace github.com/opensend/opensend/clients/go => ../../../../clients/go
