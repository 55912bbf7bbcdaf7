module github.com/opensend/opensend/clients/go

go 1.24
