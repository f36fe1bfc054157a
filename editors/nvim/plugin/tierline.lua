-- The command, its completion, and <Plug> mappings. Nothing is loaded before it is used, and no key is mapped.

if vim.g.loaded_tierline then
  return
end
vim.g.loaded_tierline = true

vim.api.nvim_create_user_command('Tierline', function(command)
  require('tierline.command').run(command)
end, {
  nargs = '*',
  bang = true,
  desc = 'Tierline: look up, refactor, explain, undo, …',
  complete = function(...)
    return require('tierline.command').complete(...)
  end,
})

local function map(name, description)
  vim.keymap.set('n', ('<Plug>(tierline-%s)'):format(name), function()
    require('tierline')[name]()
  end, { desc = 'Tierline: ' .. description })
end

map('hover', 'hover that fills in')
map('lookup', 'ask where something is')
map('refactor', 'change several files by one sentence')
map('explain', 'explain the symbol under the cursor')
map('document', 'document the symbol under the cursor')
map('undo', 'undo the last refactor')
map('report', 'what models cost')
