/* The console starts: theme before the first paint, texts, then the page. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { ApiError } from './lib/api';
import { startTexts } from './lib/i18n';
import { startNonce } from './lib/nonce';
import { startTheme } from './lib/theme';
import './styles/tokens.css';
import './styles/base.css';

const patience = (count: number, error: unknown) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500);

const client = new QueryClient({
    defaultOptions: { queries: { staleTime: 15_000, retry: patience, refetchOnWindowFocus: false } },
});

startNonce();
startTheme();
await startTexts();
createRoot(document.getElementById('root')!).render(
    <StrictMode>
        <QueryClientProvider client={client}>
            <App />
        </QueryClientProvider>
    </StrictMode>,
);
