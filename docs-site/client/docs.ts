import { addCopyButtons } from "./copy-buttons.ts";
import { followMoved } from "./follow-moved.ts";
import { rememberLanguage } from "./sample-language.ts";
import { startSearch } from "./search.ts";
import { startThemeButton } from "./theme-button.ts";

followMoved();
startThemeButton();
startSearch();
addCopyButtons();
rememberLanguage();
