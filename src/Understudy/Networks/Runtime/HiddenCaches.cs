using System.Runtime.Intrinsics.X86;

namespace Understudy.Networks.Ops;

/// <summary>
/// Some virtual machines on AMD's processors say that caches can be asked for and then describe none. oneDNN, which computes
/// libtorch's convolutions, takes that for three caches of a byte: with two threads it leaves parts of results unwritten, and
/// 1×1 convolutions divide by zero, which ends the process. It has sizes to assume for processors that say nothing, and uses
/// them when told that there are no levels (docs/adr/0014-hidden-caches.md).
/// </summary>
public static class HiddenCaches
{
    private const uint Question = 0x8000001D;
    private static readonly Lazy<Outcome> Once = new(MendOnce);

    /// <summary>What was found, and what was done.</summary>
    public enum Outcome
    {
        /// <summary>The processor describes its caches, or oneDNN does not ask.</summary>
        NotHidden,

        /// <summary>oneDNN assumes sizes.</summary>
        Assumed,

        /// <summary>oneDNN could not be told, and is switched off: right, and several times slower.</summary>
        SwitchedOff,
    }

    /// <summary>Looks at the processor and mends what oneDNN makes of it; to be called before the first convolution.</summary>
    /// <exception cref="PlatformNotSupportedException">Results would be wrong, and this libtorch has neither way out.</exception>
    public static Outcome Mend() => Once.Value;

    /// <summary>
    /// Whether a processor of AMD's answers the question for its caches (<paramref name="lastQuestion"/>: CPUID 8000_0000h, EAX)
    /// with none (<paramref name="firstCache"/>: CPUID 8000_001Dh, EAX, whose low five bits are the kind of cache).
    /// </summary>
    internal static bool AreHidden(int lastQuestion, int firstCache) =>
        (uint)lastQuestion >= Question && (firstCache & 31) == 0;

    private static Outcome MendOnce()
    {
        if (!OperatingSystem.IsLinux() || !Maker.IsAmd
            || !AreHidden(X86Base.CpuId(unchecked((int)0x80000000), 0).Eax, X86Base.CpuId(unchecked((int)Question), 0).Eax))
            return Outcome.NotHidden;
        // NNPACK refuses such a processor, with a line on the terminal for every convolution.
        LibTorchSwitch.Set(LibTorchSwitch.Nnpack, false);
        return OneDnnProcessor.ForgetCaches() ? Outcome.Assumed
            : LibTorchSwitch.Set(LibTorchSwitch.OneDnn, false) is not null ? Outcome.SwitchedOff
            : throw new PlatformNotSupportedException("this virtual machine hides the processor's caches (lscpu shows no L1d), and this "
                + "libtorch computes wrongly there: use another machine, or the libtorch that understudy names");
    }
}
