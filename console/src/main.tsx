import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import './app/console.css';
import { giveStylesTheNonce } from './app/nonce';
import { startTexts } from './i18n';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
giveStylesTheNonce();
await startTexts();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
