"""Choirs, their singers and rehearsals: a record model in which names tell people apart within a choir only."""

from __future__ import annotations

CHOIRS = """
choirs:
  singular: choir
  primaryKey: [id]
  owner: self
  fields:
    - {name: id, type: string, constraints: {required: true}}
    - {name: name, type: string, role: name}
"""
SINGERS = """
singers:
  singular: singer
  primaryKey: [id]
  owner: choir
  names_within: [choir, guest_choir, moves.from_choir]
  names_with: born
  foreignKeys:
    - {fields: [choir_id], reference: {resource: choirs}, name: choir, reverse: singers}
    - {fields: [guest_choir_id], reference: {resource: choirs}, name: guest_choir, reverse: guests}
  fields:
    - {name: id, type: string, title: {zh: 编号, en: Code}, constraints: {required: true}}
    - {name: name, type: string, title: {zh: 姓名, en: Name}, role: name, personal: true}
    - {name: choir_id, type: string, constraints: {required: true}}
    - {name: guest_choir_id, type: string, blank: none, absent: blank}
    - {name: born, type: date, personal: true}
"""
MOVES = """
moves:
  singular: move
  primaryKey: [singer_id]
  owner: singer.choir
  foreignKeys:
    - {fields: [singer_id], reference: {resource: singers}, name: singer, reverse: moves, named: {within: from_choir}}
    - {fields: [from_choir_id], reference: {resource: choirs}, name: from_choir, reverse: moves}
  fields:
    - {name: singer_id, type: string, constraints: {required: true}}
    - {name: from_choir_id, type: string, blank: none}
"""
REHEARSALS = """
rehearsals:
  singular: rehearsal
  primaryKey: [id]
  owner: choir
  foreignKeys:
    - {fields: [choir_id], reference: {resource: choirs}, name: choir, reverse: rehearsals}
  fields:
    - {name: id, type: string, constraints: {required: true}}
    - {name: choir_id, type: string, constraints: {required: true}}
"""
PRESENCE = """
presence:
  singular: presence_row
  primaryKey: [rehearsal_id, singer_id]
  owner: rehearsal.choir
  foreignKeys:
    - {fields: [rehearsal_id], reference: {resource: rehearsals}, name: rehearsal, reverse: presence}
    - {fields: [singer_id], reference: {resource: singers}, name: singer, reverse: presence, named: {headings: [姓名]}}
  fields:
    - {name: rehearsal_id, type: string, constraints: {required: true}}
    - {name: singer_id, type: string, constraints: {required: true}}
    - {name: status, type: string, blank: none}
"""
