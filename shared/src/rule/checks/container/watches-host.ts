import type { ContainerOptions } from '../../container/types';

/** Programs that watch a host, whose documentation has them see its files and processes. */
const agents =
  /(?:node[-_]?exporter|cadvisor|netdata|falco|datadog|telegraf|prometheus|promtail|fluent|filebeat|metricbeat|auditbeat|collectd|glances|dd-agent|newrelic|dynatrace|otel|vector|wazuh|sysdig|beszel)/i;

/** Whether a container, by the name of its image or else its own, runs a program that watches its host. */
export function watchesHost({ image, name }: ContainerOptions): boolean {
  return agents.test(image?.text ?? name);
}
