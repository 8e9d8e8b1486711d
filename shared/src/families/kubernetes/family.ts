import { yamlSubject } from '../family/custom';
import type { YamlFamily } from '../family/types';
import type { AdmittedObject } from './model/admitted';
import { inlinePatches } from './model/values';
import { claimsDocument, claimsFile } from './claims';
import { networkParts } from './facts/network-parts';
import { kubernetesFacts } from './facts/piece';
import { snippetsFor } from './fix/snippets';
import { kubernetesImages } from './images';
import { readDocument } from './objects';
import { groups } from './groups';
import { objectLinks, objectsOutlined } from './outline';
import { kubernetesPart } from './part';
import { targets } from './model/targets';

/** Kubernetes manifests, and what decides what becomes of them: values of charts, kustomizations, JSON patches. */
export const kubernetes: YamlFamily = {
  id: 'kubernetes',
  label: 'Kubernetes manifests',
  language: 'yaml',
  targets,
  sharedRules: 'policy',
  sharedTargets: ['admitted'],
  custom: {
    target: 'admitted',
    samplePath: 'manifest.yaml',
    subjectOf: (view: AdmittedObject) => yamlSubject(view, view.node, { kind: view.kind, name: view.name }),
  },
  claims: claimsDocument,
  claimsFile,
  embedded: ({ document, dialect }) => (dialect.holds === 'kustomization' ? inlinePatches(document) : []),
  embeddedDialect: (inner, { templated }) => ({
    templated,
    fragment: true,
    ...(inner.root?.kind === 'sequence' && { holds: 'json-patch' }),
  }),
  part: kubernetesPart,
  facts: kubernetesFacts,
  images: kubernetesImages,
  outline: ({ document, dialect }) => objectsOutlined(readDocument(document, dialect).objects),
  links: ({ document, dialect }, workspace) => objectLinks(readDocument(document, dialect).objects, workspace),
  network: networkParts,
  snippets: pieces =>
    snippetsFor(
      pieces
        .filter(({ document }) => document.templated)
        .map(({ document, dialect, base, fileText }) => ({
          document,
          objects: readDocument(document, dialect).objects,
          text: fileText.slice(base, base + document.text.length),
          base,
        })),
    ),
  groups,
  scaffold: {
    target: 'container',
    range: 'container.reportRange',
    example: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: example.com/web:1\n',
    fence: 'yaml',
  },
};
