import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  Artifact,
  ArtifactCollection,
  ArtifactCreate,
  ArtifactsCount,
  ArtifactsFilter,
  ArtifactUpdate,
  LatestCount,
  LatestFilter,
} from '../schemas/artifacts.ts';

/** What runs leave to be looked at. */
export const artifactsRoutes = {
  createArtifact: {
    method: 'POST',
    path: '/api/artifacts/',
    owner: 'control',
    summary: 'Create an artifact; with a key it is the latest of that key.',
    body: ArtifactCreate,
    replies: { 201: Artifact },
  },
  filterArtifacts: {
    method: 'POST',
    path: '/api/artifacts/filter',
    owner: 'control',
    summary: 'List artifacts.',
    body: ArtifactsFilter,
    replies: { 200: z.array(Artifact) },
  },
  countArtifacts: {
    method: 'POST',
    path: '/api/artifacts/count',
    owner: 'control',
    summary: 'Count artifacts.',
    body: ArtifactsCount,
    replies: { 200: z.number() },
  },
  filterLatestArtifacts: {
    method: 'POST',
    path: '/api/artifacts/latest/filter',
    owner: 'control',
    summary: 'List the latest artifact of each key.',
    body: LatestFilter,
    replies: { 200: z.array(ArtifactCollection) },
  },
  countLatestArtifacts: {
    method: 'POST',
    path: '/api/artifacts/latest/count',
    owner: 'control',
    summary: 'Count the keys of artifacts.',
    body: LatestCount,
    replies: { 200: z.number() },
  },
  readArtifact: {
    method: 'GET',
    path: '/api/artifacts/{id}',
    owner: 'control',
    summary: 'Read an artifact.',
    replies: { 200: Artifact },
  },
  readLatestArtifact: {
    method: 'GET',
    path: '/api/artifacts/{key}/latest',
    owner: 'control',
    summary: 'Read the latest artifact of a key.',
    replies: { 200: Artifact },
  },
  updateArtifact: {
    method: 'PATCH',
    path: '/api/artifacts/{id}',
    owner: 'control',
    summary: 'Change the data, description or metadata of an artifact.',
    body: ArtifactUpdate,
    replies: { 204: null },
  },
  deleteArtifact: {
    method: 'DELETE',
    path: '/api/artifacts/{id}',
    owner: 'control',
    summary: 'Delete an artifact. The one before it is the latest of its key then.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
