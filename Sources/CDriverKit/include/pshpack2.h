// Packs the structures that follow to 2; poppack.h ends it.
#pragma pack(push, 2)
