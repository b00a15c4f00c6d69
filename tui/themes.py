"""The house's colours."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="trakdesk-dark",
    primary="#4da3ff",
    secondary="#7f8ea3",
    accent="#ffb454",
    foreground="#d7dee8",
    background="#0e1319",
    surface="#151c25",
    panel="#1e2833",
    success="#6fd08c",
    warning="#ffb454",
    error="#ff6b6b",
    dark=True,
    variables={
        "primary-background": "#16324f",
        "border": "#33475c",
        "border-blurred": "#26323f",
        "block-cursor-background": "#1f4e79",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#24313f",
        "block-cursor-blurred-foreground": "#d7dee8",
        "footer-key-foreground": "#ffb454",
        "footer-background": "#151c25",
        "input-selection-background": "#2f6da8",
    },
)

LIGHT = Theme(
    name="trakdesk-light",
    primary="#0b5cad",
    secondary="#5b6b7d",
    accent="#9a4a00",
    foreground="#17212b",
    background="#f5f7fa",
    surface="#ffffff",
    panel="#e6ecf2",
    success="#14733a",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables={
        "primary-background": "#cfe3f7",
        "border": "#9db2c6",
        "block-cursor-background": "#0b5cad",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#d3deea",
        "block-cursor-blurred-foreground": "#17212b",
        "footer-key-foreground": "#9a4a00",
        "footer-background": "#e6ecf2",
    },
)
