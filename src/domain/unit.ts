import type { UnitId } from "./ids.ts";

export const UNIT_KINDS = ["authority", "department", "grassroots", "enterprise", "site"] as const;
export const GRADES = ["A", "B", "C", "D"] as const;
export const UNIT_STATUSES = ["active", "suspended", "closed"] as const;

/** Key industries, after GB/T 4754-2017 and the industries the notice of April 2020 names. */
export const INDUSTRIES = [
  "hazchem",
  "coal_mine",
  "noncoal_mine",
  "road_transport",
  "construction",
  "urban_operation",
  "fireworks",
  "metal_smelting",
  "gas",
  "fishing_vessel",
  "rail_air_water",
  "industrial_park",
  "hazardous_waste",
  "special_equipment",
  "education",
  "civil_affairs",
  "culture_tourism",
  "health",
  "commerce",
  "agriculture",
  "postal_logistics",
  "new_business",
  "other",
] as const;

export const SITE_TYPES = [
  "water_supply",
  "power_supply",
  "gas_supply",
  "school",
  "nursing_home",
  "transport_station",
  "commodity_market",
  "farm_market",
  "three_in_one",
  "epidemic_place",
  "epidemic_supply_plant",
  "tank_farm",
  "high_risk_mine",
  "overhead_tailings_pond",
  "storage_warehouse",
  "flammable_yard",
  "hospital",
  "mall",
  "hotel",
  "entertainment",
  "scenic",
  "construction_site",
  "chemical_park",
  "high_rise",
  "rental_house",
  "ev_charging",
  "confined_space",
  "tailings_pond_other",
] as const;

export type UnitKind = (typeof UNIT_KINDS)[number];
export type Grade = (typeof GRADES)[number];
export type UnitStatus = (typeof UNIT_STATUSES)[number];
export type Industry = (typeof INDUSTRIES)[number];
export type SiteType = (typeof SITE_TYPES)[number];

/** What a unit is, apart from its place in the tree. */
export interface UnitFacts {
  readonly code: string;
  readonly name: string;
  readonly kind: UnitKind;
  /** Administrative division code: an attribute, never the tree. */
  readonly division: string | null;
  readonly industries: readonly Industry[];
  readonly siteTypes: readonly SiteType[];
  readonly grade: Grade | null;
  /** An enterprise of concern (不放心企业). */
  readonly watch: boolean;
  readonly status: UnitStatus;
}

/** A unit in its place. `lft`..`rgt` is a nested set: all below a unit lie within its bounds. */
export interface Unit extends UnitFacts {
  readonly id: UnitId;
  readonly parent: UnitId | null;
  readonly lft: number;
  readonly rgt: number;
  readonly depth: number;
}

/** Whether `unit` is `top` itself or lies anywhere below it. */
export const within = (unit: Pick<Unit, "lft" | "rgt">, top: Pick<Unit, "lft" | "rgt">): boolean =>
  top.lft <= unit.lft && unit.rgt <= top.rgt;
