module bulkhead/oracle

go 1.25

require github.com/moby/buildkit v0.34.2
