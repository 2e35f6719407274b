import { RemoveInput, SetupInput, StatusInput, UpdateInput } from '../schema/input.ts';
import { type Command, command, idle } from './command.ts';

/** The verbs of the one-time install. */
export const setupCommands: readonly Command[] = [
  command({
    name: 'setup',
    summary: 'install skill and server for the agents of a workspace',
    arguments: '[ROOT]',
    input: SetupInput,
    idle: idle.atOnce,
    examples: [
      'glm-skill setup --dry-run',
      'glm-skill setup --yes',
      'glm-skill setup --client codex --client cursor',
      'glm-skill setup --print zed',
    ],
    run: async (call) => (await import('./install.ts')).runSetup(call),
  }),
  command({
    name: 'status',
    summary: 'say what setup wrote and what has changed since',
    arguments: '[ROOT]',
    input: StatusInput,
    idle: idle.atOnce,
    examples: ['glm-skill status'],
    run: async (call) => (await import('./install.ts')).runStatus(call),
  }),
  command({
    name: 'update',
    summary: 'bring what setup wrote to this version',
    arguments: '[ROOT]',
    input: UpdateInput,
    idle: idle.atOnce,
    examples: ['glm-skill update --yes'],
    run: async (call) => (await import('./install.ts')).runUpdate(call),
  }),
  command({
    name: 'remove',
    summary: 'take back what setup wrote, byte for byte',
    arguments: '[ROOT]',
    input: RemoveInput,
    idle: idle.atOnce,
    examples: ['glm-skill remove --yes'],
    run: async (call) => (await import('./install.ts')).runRemove(call),
  }),
];
