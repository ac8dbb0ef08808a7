using System.Runtime.Intrinsics.X86;

namespace Understudy.Networks;

/// <summary>Who made the processor.</summary>
internal static class ProcessorMaker
{
    /// <summary>CPUID leaf 0 gives the name in EBX, EDX, ECX: the "Auth" of AuthenticAMD is enough.</summary>
    internal static bool IsAmd => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == 0x68747541;
}
