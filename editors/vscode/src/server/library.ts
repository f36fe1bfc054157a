/** The language client, which is most of this extension's code. It is bundled by itself, so that the editor's start does not read it. */
export * from 'vscode-languageclient/node';
