module bulkhead/cel-oracle

go 1.26

require (
	github.com/google/cel-go v0.27.0
	k8s.io/apimachinery v0.36.3
	k8s.io/apiserver v0.36.3
)
