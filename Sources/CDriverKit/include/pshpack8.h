// Packs the structures that follow to 8; poppack.h ends it.
#pragma pack(push, 8)
