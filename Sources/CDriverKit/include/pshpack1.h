// Packs the structures that follow to 1; poppack.h ends it.
#pragma pack(push, 1)
