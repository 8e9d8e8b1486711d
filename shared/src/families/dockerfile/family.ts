import type { DockerfileFamily, Piece } from '../family/types';
import { memoize } from '../../base/text/memoize';
import { dockerfileFacts } from './facts';
import { dockerfileImages } from './images';
import { stageSubject } from './model/stage-subject';
import { parseDockerfile } from './model/parse';
import { targets } from './model/targets';
import { stageLinks, stagesOutlined, userChoices } from './outline';
import { dockerfilePart } from './part';

const modelOf = memoize((piece: Piece) => parseDockerfile(piece.fileText));

/** Dockerfiles, whatever they are called. */
export const dockerfile: DockerfileFamily = {
  id: 'dockerfile',
  label: 'Dockerfiles',
  language: 'dockerfile',
  targets,
  custom: { target: 'stage', samplePath: 'Dockerfile', subjectOf: stageSubject },
  buildsImages: true,
  part: memoize((piece: Piece) => dockerfilePart(modelOf(piece))),
  facts: piece => dockerfileFacts(modelOf(piece), piece.path),
  images: piece => dockerfileImages(modelOf(piece)),
  outline: piece => stagesOutlined(modelOf(piece)),
  choices: (piece, offset, workspace) => userChoices(modelOf(piece), offset, workspace),
  links: piece => stageLinks(modelOf(piece)),
  scaffold: { target: 'instruction', range: 'instruction.keywordRange', example: 'FROM alpine:3.22\n', fence: 'dockerfile' },
};
