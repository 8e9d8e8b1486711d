/** A pod with one privileged container and one that may escalate. */
export const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  # keep me
  containers:
    - name: app
      image: nginx:1.27
      securityContext:
        privileged: true
    - name: log
      image: busybox:1.36
`;

/** The same, where no fix makes another one necessary. */
export const independent = pod.replace('privileged: true', 'privileged: true\n        allowPrivilegeEscalation: false');

export const dockerfile = `# syntax=docker/dockerfile:1
FROM node:22
WORKDIR /app
COPY . .
USER root
CMD ["node", "."]
`;
