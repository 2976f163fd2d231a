/* Names of attributes of which core/xml_tag.c mixes the same: its tree of them is a list. As many
   as the limit of attributes is by default. */
#ifndef PARLEY_TESTS_ATTRIBUTES_ALIKE_H
#define PARLEY_TESTS_ATTRIBUTES_ALIKE_H

static const char *const attributes_alike[64] = {
    "ACwtheui", "Al_dpqqv", "Amrqqwip", "Bcrapgrw", "Bcsidgfn", "Bgbxanpp", "BlkbvBcp", "BrpjqgC_",
    "Bvfwviu_", "Bwpazuyb", "CcCqwcfp", "Ccaicdkd", "Cdbuuxdy", "Cdkurzgf", "Cxbkxzwg", "_Cbceznl",
    "_gcmema_", "_ntkAbmp", "_yd_vdpo", "_ypnozbo", "aAibflwf", "aebnvrAm", "asoArkda", "atbznefp",
    "az_sdr_n", "bBmynjbB", "bndopxdk", "bokmhlpo", "brnaouBw", "cCdkhoCk", "cCqu_iAs", "capmtqqk",
    "cukBwtdh", "dCxumvpq", "dnibhuos", "drmtcA_B", "eazireyy", "ed_BaAjf", "efk_urqA", "eiiomyxv",
    "ekstrBkb", "eyurwjec", "ezBasrvk", "fCvbcnhd", "fdlvAv_p", "fdmue_bB", "fgxealhi", "fhyxxAoy",
    "fizgsjmf", "gdrvfhzc", "grsCdoyg", "gwAvAkux", "hvdm_rou", "hyiqizkA", "iaCzyciB", "ihjrag_p",
    "iqc_ntmC", "iuuxlA_s", "izklpfsa", "jBAabyzy", "jBxAoosb", "j_pyazny", "jeAhejmt", "jpovnudl",
};

#endif
