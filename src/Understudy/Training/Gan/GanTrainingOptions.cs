using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Training.Augmentation;

namespace Understudy.Training;

/// <summary>
/// How a generator is trained. Resolution, channels and classes come from the images. Without a preset: StyleGAN2 with
/// DiffAugment, in the width of "cpu-tiny".
/// </summary>
public sealed record GanTrainingOptions
{
    /// <summary>The names that <see cref="Preset(string)"/> knows.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["cpu-tiny", "cpu-small", "cpu-base", "paper-auto", "paper-cifar"];

    /// <summary>Thousands of real images shown before training ends; above 0.</summary>
    public double Kimg { get; init; } = 200;

    /// <summary>Images per step, 1 to 4096.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Images per minibatch-standard-deviation group; must divide the batch.</summary>
    public int StddevGroup { get; init; } = 4;

    /// <summary>Adam's learning rate for both networks, 1e-6 to 1.</summary>
    public double LearningRate { get; init; } = 0.0025;

    /// <summary>What the networks play for. Relativistic: fakes take the classes of the reals they are paired with.</summary>
    public GanLoss Loss { get; init; } = GanLoss.Nonsaturating;

    /// <summary>What a real image counts as, ½ to 1; below 1: one-sided label smoothing, nonsaturating loss only.</summary>
    public double RealTarget { get; init; } = 1;

    /// <summary>R1's weight γ (R2's too); null: <see cref="GammaFactor"/>·R²/batch. 0 switches R1 off.</summary>
    public double? Gamma { get; init; }

    /// <summary>
    /// What γ is for R pixels a side where it is not given: so much times R²/batch, 0 to 1; 0.0002 in the paper.
    /// </summary>
    public double GammaFactor { get; init; } = 0.0002;

    /// <summary>Steps between R1 penalties, 1 to 1024.</summary>
    public int R1Interval { get; init; } = 16;

    /// <summary>Steps between path-length penalties; 0 leaves them out.</summary>
    public int PathLengthInterval { get; init; }

    /// <summary>Probability that a batch mixes two styles, 0 to 1.</summary>
    public double MixingProbability { get; init; }

    /// <summary>Half-life of the averaged generator, in thousands of images, above 0.</summary>
    public double EmaKimg { get; init; } = 10;

    /// <summary>The half-life is at most this share of the images seen so far; 0 switches that off.</summary>
    public double EmaRamp { get; init; } = 0.05;

    /// <summary>What the discriminator's images go through.</summary>
    public AugmentKind Augment { get; init; } = AugmentKind.DiffAugment;

    /// <summary>Probability of each augmentation per image, 0 to 1; without a controller it stays.</summary>
    public double AugmentP { get; init; } = 1;

    /// <summary>The controller's target for mean sign D(real), above 0 to 1; 0: no controller, p stays.</summary>
    public double AdaTarget { get; init; }

    /// <summary>Thousands of images in which the controller can move p from 0 to 1.</summary>
    public double AdaKimg { get; init; } = 100;

    /// <summary>The controller's p is at most this, 0 to 1.</summary>
    public double AdaCeiling { get; init; } = 0.8;

    /// <summary>Show half the real images mirrored: right for faces, wrong for text.</summary>
    public bool MirrorReals { get; init; } = true;

    /// <summary>Where the labels of fakes come from.</summary>
    public FakeLabels FakeLabels { get; init; } = FakeLabels.Data;

    /// <summary>How the networks are told the class. A set of one class is learned without.</summary>
    public Condition Condition { get; init; } = Condition.Classes;

    /// <summary>
    /// The condition fades in between this mark and <see cref="ConditionEndKimg"/> (Shahbazi et al. 2022, arXiv 2201.06578):
    /// until here the networks train as if there were no classes; class head and wrong labels come in with it.
    /// </summary>
    public double ConditionStartKimg { get; init; }

    /// <summary>From here on the condition counts in full; 0: from the first image on, without a fade.</summary>
    public double ConditionEndKimg { get; init; }

    /// <summary>Length of the latent z.</summary>
    public int ZDim { get; init; } = 128;

    /// <summary>Length of the intermediate latent w.</summary>
    public int WDim { get; init; } = 128;

    /// <summary>Layers of the generator's mapping network.</summary>
    public int MappingLayers { get; init; } = 2;

    /// <summary>Width × resolution of both networks: a block at r pixels has min(⌊base / r⌋, max) channels.</summary>
    public int ChannelBase { get; init; } = 1024;

    /// <summary>Upper bound of a block's width.</summary>
    public int ChannelMax { get; init; } = 64;

    /// <summary>How the generator's blocks are joined.</summary>
    public Architecture GeneratorArchitecture { get; init; } = Architecture.Skip;

    /// <summary>How the discriminator's blocks are joined.</summary>
    public Architecture DiscriminatorArchitecture { get; init; } = Architecture.Resnet;

    /// <summary>
    /// Weight of a class head beside the discriminator's projection, 0 to 10; 0 leaves it out. It learns on reals only: taught on
    /// the first bad fakes it would collapse.
    /// </summary>
    public double ClassWeight { get; init; }

    /// <summary>
    /// Weight of the class head in the generator's loss, 0 to 10; null for a fifth of <see cref="ClassWeight"/>. At 0 the head
    /// teaches only the discriminator's features which class is which; with as much as there it draws the generator to the few
    /// images of a class it is surest of (docs/adr/0006).
    /// </summary>
    public double? GeneratorClassWeight { get; init; }

    /// <summary>The class head's weight in the generator's loss that is in force.</summary>
    internal double ClassWeightOnFakes => GeneratorClassWeight ?? ClassWeight / 5;

    /// <summary>
    /// Weight of real images under a wrong label in the discriminator's loss, 0 to 10: they count as fakes (the matching-aware
    /// discriminator of Reed et al. 2016, arXiv 1605.05396, §4.1), so that it learns what a class looks like before the fakes
    /// tell.
    /// </summary>
    public double MismatchWeight { get; init; }

    /// <summary>Layers between the label's embedding and the discriminator's projection.</summary>
    public int DiscriminatorMappingLayers { get; init; }

    /// <summary>
    /// Blocks of the discriminator, from the image on, that do not learn (Freeze-D, Mo et al. 2020, arXiv 2002.10964): for going
    /// on from another run's networks with few images. The last block always learns.
    /// </summary>
    public int FrozenBlocks { get; init; }

    /// <summary>Number format of feature maps; <see cref="Resolve"/> turns Auto into what this processor is fast with.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Thousands of images between two lines of stats.jsonl.</summary>
    public double TickKimg { get; init; } = 1;

    /// <summary>Thousands of images between two checkpoints, with sheet and generator file.</summary>
    public double SnapshotKimg { get; init; } = 10;

    /// <summary>
    /// A preset by name: one recipe for a processor in three widths (cpu-*; found in docs/results/sweep.md), and the settings of
    /// the paper (Karras et al. 2020, arXiv 2006.06676) for one device: "auto", and CIFAR-10's.
    /// </summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static GanTrainingOptions Preset(string name)
    {
        OptionException.RequireOneOf("preset", name, [.. Presets]);
        return name switch
        {
            "cpu-small" => Processor with { ChannelBase = 2048, ChannelMax = 128 },
            "cpu-base" => Processor with { ChannelBase = 4096, ChannelMax = 128 },
            "paper-auto" => Paper with
            {
                Kimg = 25_000,
                ChannelBase = 16384,
                PathLengthInterval = 4,
                MixingProbability = 0.9,
                DiscriminatorMappingLayers = 8,
            },
            "paper-cifar" => Paper with
            {
                Kimg = 100_000,
                Batch = 64,
                StddevGroup = 32,
                ChannelBase = 32768,
                Gamma = 0.01,
                EmaKimg = 500,
                DiscriminatorArchitecture = Architecture.Orig,
            },
            // Larger steps were tried at this width alone.
            _ => Processor with { LearningRate = 0.005 },
        };
    }

    /// <summary>
    /// Many small steps, nothing that slows the classes down, and a class head that the generator listens to a little.
    /// </summary>
    private static GanTrainingOptions Processor { get; } = new()
    {
        Batch = 16,
        Augment = AugmentKind.None,
        GammaFactor = 0.0008,
        ClassWeight = 1,
        Precision = Precision.Auto,
    };

    private static GanTrainingOptions Paper { get; } = new()
    {
        ChannelMax = 512,
        ZDim = 512,
        WDim = 512,
        MirrorReals = false,
        Augment = AugmentKind.Bgc,
        AdaTarget = 0.6,
        AdaKimg = 500,
        AdaCeiling = 1,
    };

    /// <summary>Throws where a value makes no training.</summary>
    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public GanTrainingOptions Validate()
    {
        OptionException.RequireRange("kimg", Kimg, 0.001, 1e6);
        OptionException.RequireRange("batch", Batch, 1, 4096);
        OptionException.RequireRange("stddev_group", StddevGroup, 1, 1024);
        var group = Math.Min(StddevGroup, Batch);
        if (Batch % group != 0)
            throw new OptionException($"stddev_group: {StddevGroup} does not divide the batch of {Batch}; give a divisor");
        OptionException.RequireRange("learning_rate", LearningRate, 1e-6, 1);
        OptionException.RequireRange("real_target", RealTarget, 0.5, 1);
        if (RealTarget < 1 && Loss == GanLoss.Relativistic)
            throw new OptionException(
                FormattableString.Invariant(
                    $"real_target: {RealTarget} needs loss: nonsaturating; the relativistic loss has no target"));
        if (FakeLabels == FakeLabels.Balanced && Loss == GanLoss.Relativistic)
            throw new OptionException("fake_labels: balanced needs loss: nonsaturating; the relativistic loss pairs each fake "
                + "with a real of its class");
        OptionException.RequireRange("gamma", Gamma ?? 0, 0, 1e4);
        OptionException.RequireRange("gamma_factor", GammaFactor, 0, 1);
        OptionException.RequireRange("r1_interval", R1Interval, 1, 1024);
        OptionException.RequireRange("path_length_interval", PathLengthInterval, 0, 1024);
        if (PathLengthInterval > 0 && Batch < 2)
            throw new OptionException($"path_length_interval: {PathLengthInterval} needs a batch of at least 2; path length "
                + "takes half of it");
        OptionException.RequireRange("class_weight", ClassWeight, 0, 10);
        OptionException.RequireRange("generator_class_weight", GeneratorClassWeight ?? 0, 0, 10);
        OptionException.RequireRange("mismatch_weight", MismatchWeight, 0, 10);
        if (MismatchWeight > 0 && Condition == Condition.Scalar)
            throw new OptionException(
                FormattableString.Invariant($"mismatch_weight: {MismatchWeight} needs condition: classes, not a scalar"));
        if (GeneratorClassWeight > 0 && ClassWeight == 0)
            throw new OptionException(
                FormattableString.Invariant(
                    $"generator_class_weight: {GeneratorClassWeight} needs a class head: set class_weight"));
        if (ClassWeight > 0 && Condition == Condition.Scalar)
            throw new OptionException(
                FormattableString.Invariant(
                    $"class_weight: {ClassWeight} needs condition: classes; a scalar names no class to the head: set class_weight=0"));
        OptionException.RequireRange("condition_start_kimg", ConditionStartKimg, 0, 1e6);
        OptionException.RequireRange("condition_end_kimg", ConditionEndKimg, 0, 1e6);
        if (ConditionStartKimg > ConditionEndKimg)
        {
            throw new OptionException(FormattableString.Invariant(
                $"condition_end_kimg: {ConditionEndKimg} comes before condition_start_kimg, {ConditionStartKimg}; give the same or more"));
        }
        OptionException.RequireRange("frozen_blocks", FrozenBlocks, 0, 10);
        OptionException.RequireRange("mixing_probability", MixingProbability, 0, 1);
        OptionException.RequireRange("ema_kimg", EmaKimg, 1e-3, 1e5);
        OptionException.RequireRange("ema_ramp", EmaRamp, 0, 1);
        OptionException.RequireRange("augment_p", AugmentP, 0, 1);
        OptionException.RequireRange("ada_target", AdaTarget, 0, 1);
        if (AdaTarget > 0 && Augment == AugmentKind.None)
        {
            throw new OptionException(FormattableString.Invariant(
                $"ada_target: {AdaTarget} needs an augment to steer; set augment=bgc, or ada_target=0"));
        }
        if (AdaTarget > 0 && Loss == GanLoss.Relativistic)
        {
            throw new OptionException(FormattableString.Invariant(
                $"ada_target: {AdaTarget} steers by the sign of D(real), which the relativistic loss leaves open; set ada_target=0"));
        }
        if (AdaTarget > 0 && AugmentP != 1)
        {
            throw new OptionException(FormattableString.Invariant(
                $"augment_p: {AugmentP} does nothing where ada_target, {AdaTarget}, steers p; set ada_target=0 for a fixed p"));
        }
        OptionException.RequireRange("ada_kimg", AdaKimg, 0.1, 1e5);
        OptionException.RequireRange("ada_ceiling", AdaCeiling, 0, 1);
        if (AdaTarget > 0 && AdaCeiling == 0)
            throw new OptionException("ada_ceiling: 0 lets the controller augment nothing; give more, or set ada_target=0");
        OptionException.RequireRange("tick_kimg", TickKimg, 1e-3, 1e5);
        OptionException.RequireRange("snapshot_kimg", SnapshotKimg, 1e-3, 1e5);
        return this;
    }

    /// <summary>With every value that depends on the images filled in.</summary>
    /// <exception cref="OptionException">Images that no network here makes: not square, or a size without a pyramid.</exception>
    public GanTrainingOptions Resolve(ImageShape shape, int classes)
    {
        Validate();
        // A set of one class is learned without a condition, whatever was asked for.
        if (classes > 1 && Condition == Condition.None) RequireNothingOfClasses();
        if (shape.Height != shape.Width)
            throw new OptionException(
                $"the images are {shape}; a generator makes square ones: give --size, or read them with a crop");
        var resolved = this with
        {
            Gamma = Gamma ?? GammaFactor * shape.Height * shape.Height / Batch,
            GeneratorClassWeight = ClassWeightOnFakes,
            Condition = LabelDim(classes) > 0 ? Condition : Condition.None,
            Precision = Precision.Here(),
        };
        AugmentPolicy.Of(Augment)?.RequireFit(shape.Channels, shape.Height, shape.Width);
        resolved.GeneratorFor(shape, classes).Validate();
        var discriminator = resolved.DiscriminatorFor(shape, classes).Validate();
        var blocks = new Pyramid(discriminator.Resolution, ChannelBase, ChannelMax).Resolutions.Count - 1;
        if (FrozenBlocks > blocks)
            throw new OptionException($"frozen_blocks: {FrozenBlocks} is out of range; the discriminator for {shape} has "
                + $"{blocks} blocks before its last");
        return resolved;
    }

    /// <summary>Where no class is learned, what would do nothing. A class head may stay: presets have one.</summary>
    private void RequireNothingOfClasses()
    {
        if (MismatchWeight > 0)
        {
            throw new OptionException(FormattableString.Invariant(
                $"mismatch_weight: {MismatchWeight} needs condition: classes, not none"));
        }
        if (FakeLabels == FakeLabels.Balanced)
            throw new OptionException("fake_labels: balanced needs a condition; with none no class is asked for");
        if (ConditionEndKimg == 0) return;
        throw new OptionException(FormattableString.Invariant(
            $"condition_end_kimg: {ConditionEndKimg} needs a condition to fade in, not none"));
    }

    /// <summary>What of the options a user should know before a long training: one line each.</summary>
    public IReadOnlyList<string> Warnings() =>
    [
        .. Condition != Condition.Scalar ? [] : (string[])
        [
            "condition: scalar gives the label as one number (c_dim = 1). The embedding is normalised, so that label 0 becomes a "
            + "zero vector and all "
                + "others start as one and the same: classes stay nearly indistinguishable. It is here to show just that; "
                + "condition: classes learns them",
        ],
        .. Precision.Warning() is { } slow ? (string[])[slow] : [],
        .. WithoutEffect(),
    ];

    /// <summary>What was asked for and does nothing, or not all that one would think.</summary>
    private IEnumerable<string> WithoutEffect()
    {
        var usual = new GanTrainingOptions();
        (double, double)[] ofPresets = [(usual.AdaKimg, usual.AdaCeiling), (Paper.AdaKimg, Paper.AdaCeiling)];
        if (Condition != Condition.None && ConditionEndKimg > Kimg)
        {
            var then = ConditionStartKimg >= Kimg ? "all alike" : "less distinctly than it could";
            yield return FormattableString.Invariant($"condition_end_kimg: {ConditionEndKimg} comes after the end, kimg {Kimg}: ")
                + $"the generator then draws its classes {then}";
        }
        if (AdaTarget == 0 && !ofPresets.Contains((AdaKimg, AdaCeiling)))
            yield return "ada_kimg and ada_ceiling are about a controller, and none is set: set ada_target, such as 0.6";
        if (Augment == AugmentKind.None && AugmentP != usual.AugmentP)
            yield return FormattableString.Invariant($"augment_p: {AugmentP} does nothing without an augment; set augment=bgc");
    }

    /// <summary>How much the condition counts after so many images: λ of arXiv 2201.06578, 0 to 1.</summary>
    internal double ConditionWeight(long images) => Schedules.Ramp(images / 1000.0, ConditionStartKimg, ConditionEndKimg);

    /// <summary>Whether the condition fades in, which needs an unconditional logit.</summary>
    private bool Fades(int classes) => ConditionEndKimg > 0 && LabelDim(classes) > 0;

    internal GeneratorOptions GeneratorFor(ImageShape shape, int classes) => new()
    {
        Resolution = shape.Height,
        Channels = shape.Channels,
        LabelDim = LabelDim(classes),
        ZDim = ZDim,
        WDim = WDim,
        MappingLayers = MappingLayers,
        ChannelBase = ChannelBase,
        ChannelMax = ChannelMax,
        Architecture = GeneratorArchitecture,
        Precision = Precision,
    };

    internal DiscriminatorOptions DiscriminatorFor(ImageShape shape, int classes) => new()
    {
        Resolution = shape.Height,
        Channels = shape.Channels,
        LabelDim = LabelDim(classes),
        ChannelBase = ChannelBase,
        ChannelMax = ChannelMax,
        Architecture = DiscriminatorArchitecture,
        MappingLayers = DiscriminatorMappingLayers,
        StddevGroup = StddevGroup,
        ClassHead = ClassWeight > 0 && LabelDim(classes) > 0,
        UnconditionalHead = Fades(classes),
        Precision = Precision,
    };

    /// <summary>One place for each class, one for a scalar, or none where classes are not learned.</summary>
    internal int LabelDim(int classes) =>
        classes < 2 || Condition == Condition.None ? 0 : Condition == Condition.Scalar ? 1 : classes;
}
