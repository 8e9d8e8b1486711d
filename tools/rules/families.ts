/** What the tools know of a family that has rules. */
export interface FamilyFace {
  /** Its files, as a reader calls them: "Dockerfiles". */
  readonly label: string;
  /** What a new rule begins as. */
  readonly scaffold: {
    /** What the rule looks at. */
    readonly target: string;
    /** An expression for the range that it reports. */
    readonly range: string;
    /** A file that nobody objects to. */
    readonly example: string;
    /** The language of its blocks in a page, and how its file is called there. */
    readonly fence: string;
    readonly file: string;
  };
}

/** The families that have rules, in the order of the docs. */
export const families: Readonly<Record<string, FamilyFace>> = {
  dockerfile: {
    label: 'Dockerfiles',
    scaffold: {
      target: 'instruction',
      range: 'instruction.keywordRange',
      example: 'FROM alpine:3.22\n',
      fence: 'dockerfile',
      file: 'Dockerfile',
    },
  },
  kubernetes: {
    label: 'Kubernetes manifests',
    scaffold: {
      target: 'container',
      range: 'container.reportRange',
      example: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: example.com/web:1\n',
      fence: 'yaml',
      file: 'pod.yaml',
    },
  },
};
