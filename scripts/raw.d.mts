import type { Plugin } from 'esbuild';

export declare const raw: Plugin;
