-- The workspace that a session works on: written from marked texts, and compared with what is on disk afterwards.
--
-- «…» marks each place that the rename must touch, and a line that begins with `%` is there only before it. What is marked
-- says by itself what is expected; no second copy of a file has to be kept in step.

local M = {}

M.old, M.new = 'total_area', 'summed_area'

-- Texts outside ASCII stand before marked places on the same line, inside and outside the basic plane, so that a wrong unit
-- of positions cannot go unseen. One file ends its lines in CRLF, one is ignored by git.
local marked = {
  ['shapes.py'] = [[
"""Flächen und Längen: areas, sums and the 𝒮 of a shape."""


class Square:
    """A square, named by its side."""

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side


def «total_area»(shapes):
    """Sums the areas of all shapes, in square metres."""
    return sum(shape.area() for shape in shapes)
]],
  ['report.py'] = [[
"""Prints what was measured. It says total_area in words, and words stay."""

from shapes import Square, «total_area»


def describe(sides):
    squares = [Square(side) for side in sides]
    return "Größe 📐 in m²: {}".format(«total_area»(squares))
]],
  ['survey/plan.py'] = [[
"""Plans a survey."""

import shapes
from shapes import «total_area»


%# tierline: rename total_area to summed_area
def enough(fields, wanted):
    """Whether the fields suffice."""
    label = "🌾🌾 naïve"; found = «total_area»(fields)
    return label, found >= wanted


def twice(fields):
    return 2 * «total_area»(fields)
]],
  ['survey/windows.py'] = '"""Lines that end as on Windows."""\r\n\r\nfrom shapes import «total_area»\r\n\r\n\r\n'
    .. 'def of_one(field):\r\n    return «total_area»([field])  # ≈ exact\r\n',
  ['ignored.py'] = 'from shapes import total_area\n\nprint(total_area([]))\n',
  ['.gitignore'] = 'ignored.py\n',
}

local function before(text)
  return (text:gsub('«([^»]*)»', '%1'):gsub('\n%%', '\n'))
end

local function after(text)
  return (text:gsub('\n%%[^\n]*\n', '\n'):gsub('«' .. M.old .. '»', M.new))
end

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('a')
  file:close()
  return text
end

-- Writes all files below `root`, as they are before anything was done.
function M.write(root)
  for path, text in pairs(marked) do
    vim.fn.mkdir(vim.fs.dirname(root .. '/' .. path), 'p')
    local file = assert(io.open(root .. '/' .. path, 'wb'))
    file:write(before(text))
    file:close()
  end
  vim.fn.mkdir(root .. '/.git', 'p')
end

-- The files whose bytes differ from what is expected: 'before' or 'after' the rename.
function M.differing(root, when)
  local expected, found = when == 'after' and after or before, {}
  for path, text in pairs(marked) do
    local is, should = read(root .. '/' .. path), expected(text)
    if is ~= should then
      table.insert(found, path .. '\n' .. vim.diff(should, is))
    end
  end
  return found
end

-- The files that the rename changes, sorted.
function M.changed()
  local paths = {}
  for path, text in pairs(marked) do
    if after(text) ~= before(text) then
      table.insert(paths, path)
    end
  end
  table.sort(paths)
  return paths
end

return M
