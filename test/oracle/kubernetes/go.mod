module bulkhead/kubernetes-oracle

go 1.25

require (
	k8s.io/apimachinery v0.36.0
	k8s.io/client-go v0.36.0
)
