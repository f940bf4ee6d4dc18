/* How the console is bundled: index.html for people of the city; r.html, s.html and v.html for everybody (no React in
 * them). In development
 * requests go on to a running server, BIHUAN_URL or 127.0.0.1:8080. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.BIHUAN_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
    plugins: [react()],
    resolve: { alias: { '@': here('./src') } },
    html: { cspNonce: '__BIHUAN_NONCE__' }, /* src/api/files.h puts a fresh one in its place */
    server: { proxy: { '/api': { target: server, changeOrigin: true } } },
    build: {
        outDir: 'dist',
        emptyOutDir: true,
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1600,
        reportCompressedSize: false,
        rollupOptions: { input: { console: here('./index.html'), resident: here('./r.html'), sign: here('./s.html'), verify: here('./v.html') } },
    },
    test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'], environment: 'node' },
});
