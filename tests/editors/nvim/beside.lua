-- A session of a real Neovim with Tierline beside basedpyright: nvim --clean --headless -l beside.lua
--
-- Hovers stand together, a definition is found once, and a rename is the other server's, ours too. The exit code is 0 when every check held.

local root, workspace = vim.env.SESSION_ROOT, vim.env.SESSION_WORKSPACE
local checks = dofile(root .. '/tests/editors/nvim/checks.lua')
local check, wait = checks.check, checks.wait

vim.system({ 'python3', root .. '/tests/editors/workspace.py', 'write', workspace }):wait()
-- What only types tell: the index leaves the first use alone, because two classes have such a method.
vim.fn.writefile({
  'from shapes import Square',
  'from kinds import kind_of',
  '',
  '',
  'class Circle:',
  '    def area(self):',
  '        return 3',
  '',
  '',
  'def of_two(first: Square, second: Circle):',
  '    label = "Größe 📐"; found = max([first], key=id).area()',
  '    return kind_of(label), found + second.area()',
}, workspace .. '/circle.py')
vim.fn.writefile({ 'def kind_of(label):', '    return label' }, workspace .. '/kinds.py')
vim.opt.swapfile, vim.opt.hidden = false, true
vim.opt.runtimepath:prepend(root .. '/editors/nvim')
vim.lsp.config('basedpyright', {
  cmd = { vim.env.SESSION_BASEDPYRIGHT, '--stdio' },
  filetypes = { 'python' },
  root_markers = { '.git' },
  settings = { basedpyright = { disableOrganizeImports = true, analysis = { diagnosticMode = 'openFilesOnly' } } },
})
vim.lsp.enable({ 'basedpyright', 'tierline' })
vim.cmd.edit(workspace .. '/shapes.py')
vim.cmd('doautocmd FileType')
check('both attach', wait(function()
  local clients = vim.lsp.get_clients({ bufnr = 0 })
  return #clients == 2 and clients[1].initialized and clients[2].initialized
end), vim.tbl_map(function(client)
  return client.name
end, vim.lsp.get_clients()))

vim.fn.search('total_area')
local text = ''
local is_shown = wait(function()
  vim.lsp.buf.hover()
  return vim.wait(3000, function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
        vim.api.nvim_win_close(window, true)
        return text:find('3 files', 1, true) ~= nil and text:find('(function)', 1, true) ~= nil
      end
    end
    return false
  end, 50)
end)
check('a hover holds what both know', is_shown and text:find('# basedpyright', 1, true) and text:find('# tierline', 1, true), text)
check('and the documentation once', select(2, text:gsub('Sums the areas', '')) == 1, text)

-- Who answers what.
local function answers(method)
  local names = {}
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = 0, method = method })) do
    table.insert(names, client.name)
  end
  return table.concat(names, ' ')
end
for _, method in ipairs({ 'definition', 'references', 'rename', 'documentSymbol', 'completion', 'formatting' }) do
  check('we do not offer ' .. method, not answers('textDocument/' .. method):find('tierline', 1, true), answers('textDocument/' .. method))
end

vim.lsp.buf.rename('summed_area')
check('a rename is the other server’s, over all files', wait(function()
  local buffer = vim.fn.bufnr(workspace .. '/report.py')
  return vim.fn.search('summed_area', 'nw') > 0
    and buffer > 0
    and table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n'):find('summed_area(squares)', 1, true) ~= nil
end), vim.api.nvim_buf_get_lines(0, 0, -1, false))

-- A rename that we are told to make.
local function refactor(instruction)
  checks.told = {}
  require('tierline').refactor(instruction)
  wait(function()
    return #checks.told > 0
  end)
  local printed = vim.system({ 'tierline', 'receipt', '--json' }, { cwd = workspace, text = true }):wait().stdout
  local is_json, receipt = pcall(vim.json.decode, printed, { luanil = { object = true } })
  return checks.told[1] or '', is_json and receipt.lines and receipt.lines[2] or { printed = printed }
end
local function text_of(path)
  local buffer = vim.fn.bufnr(workspace .. '/' .. path)
  return buffer > 0 and table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') or ''
end

local message, line = refactor('rename Square.area to extent')
check('our rename is the other server’s where it can be asked', message:find('(basedpyright · $0)', 1, true), message)
check('and the receipt names it', line.by == 'basedpyright' and #line.refused == 0, line)
local circle = text_of('circle.py')
check('it knows what only types tell', circle:find('"Größe 📐"; found = max([first], key=id).extent()', 1, true), circle)
check('and what only bears the name', circle:find('second.area()', 1, true) and circle:find('def area(self)', 1, true), circle)

check('the file of the next one is not open', vim.fn.bufloaded(workspace .. '/kinds.py') == 0)
message, line = refactor('rename kind_of to sort_of')
check('a file that is not open is the other server’s, too', line.by == 'basedpyright', { message, line })
check('and renamed everywhere', text_of('kinds.py'):find('def sort_of', 1, true) and text_of('circle.py'):find('sort_of(label)', 1, true))

-- The server stays, and no longer answers.
vim.lsp.get_clients({ name = 'basedpyright' })[1]:stop()
wait(function()
  return #vim.lsp.get_clients({ name = 'basedpyright' }) == 0
end)
message, line = refactor('rename sort_of to type_of')
check('without it the index does it', message:find('(index · $0)', 1, true) and line.by == nil, { message, line })
check('as well', text_of('circle.py'):find('type_of(label)', 1, true), text_of('circle.py'))

for _, client in ipairs(vim.lsp.get_clients()) do
  client:stop()
end
wait(function()
  return #vim.lsp.get_clients() == 0
end)
print('\n')
checks.finish()
