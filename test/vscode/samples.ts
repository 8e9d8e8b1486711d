/** Texts that the suites work on. The rules that they use are of the first ones and stay as they are. */

/** One finding of dockerfile/latest-tag, on `latest`. */
export const latest = 'FROM node:latest\n';

/** A safe fix (ADD of a plain file) and a review fix (USER 1000, which node images have), with a comment and a blank line to be kept. */
export const dockerfile = `# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim

WORKDIR /app
# the service itself
ADD server.js /app/
CMD ["node", "server.js"]
`;

/** A Deployment with nothing in it that hardens; the user of its image is not known. */
export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: shop # the only one
          image: registry.example.com/acme/shop:1.2.3
`;

/** A Pod with a privileged container. */
export const privileged = `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: registry.example.com/acme/agent:1.2.3
      securityContext:
        privileged: true
`;

/** A Deployment that the API server refuses: no selector, a field in the wrong place, with a comment that has to move with it. */
export const misplaced = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  template:
    metadata:
      labels:
        app: shop
    spec:
      # always the newest
      imagePullPolicy: Always
      containers:
      -   name: shop
          image: registry.example.com/acme/shop:1.2.3
          ports:
          -   containerPort: 8080
`;
