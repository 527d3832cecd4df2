package testkit;

import static java.util.Map.entry;

import java.io.Reader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;

/**
 * Registers, straight on Lucene's classes, the parts of the module "analysis-common" that the
 * portal uses and that the server's test distribution leaves out, under their official names.
 */
public class TestkitPlugin extends Plugin implements AnalysisPlugin, ActionPlugin {

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private record Filter(String name, UnaryOperator<TokenStream> wrap) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return wrap.apply(input);
        }
    }

    private record NormalizingFilter(String name, UnaryOperator<TokenStream> wrap)
            implements NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return wrap.apply(input);
        }
    }

    private record CharFilter(String name, UnaryOperator<Reader> wrap)
            implements NormalizingCharFilterFactory {
        @Override
        public Reader create(Reader input) {
            return wrap.apply(input);
        }
    }

    private static AnalysisProvider<TokenFilterFactory> filter(
            BiFunction<Settings, TokenStream, TokenStream> wrap) {
        return (index, env, name, settings) ->
                new Filter(name, input -> wrap.apply(settings, input));
    }

    /** A filter that may also stand in a normalizer of keyword fields. */
    private static AnalysisProvider<TokenFilterFactory> normalizingFilter(
            BiFunction<Settings, TokenStream, TokenStream> wrap) {
        return (index, env, name, settings) ->
                new NormalizingFilter(name, input -> wrap.apply(settings, input));
    }

    private static AnalysisProvider<TokenizerFactory> tokenizer(Function<Settings, Tokenizer> make) {
        return (index, env, name, settings) ->
                TokenizerFactory.newFactory(name, () -> make.apply(settings));
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of(
                "html_strip",
                (index, env, name, settings) -> new CharFilter(name, HTMLStripCharFilter::new),
                "mapping",
                AnalysisPlugin.requiresAnalysisSettings(
                        (index, env, name, settings) -> {
                            var rules = new NormalizeCharMap.Builder();
                            for (String rule : Analysis.getWordList(env, settings, "mappings")) {
                                String[] sides = rule.split("=>", 2);
                                rules.add(unescape(sides[0].trim()), unescape(sides[1].trim()));
                            }
                            NormalizeCharMap map = rules.build();
                            return new CharFilter(name, input -> new MappingCharFilter(map, input));
                        }));
    }

    /** Reads the escapes of one side of a mapping rule; a blank can only be written as one. */
    private static String unescape(String side) {
        return ESCAPE.matcher(side)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        Character.toString(Integer.parseInt(found.group(1), 16))));
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of(
                "keyword", tokenizer(settings -> new KeywordTokenizer()),
                "whitespace", tokenizer(settings -> new WhitespaceTokenizer()));
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.ofEntries(
                entry("lowercase", normalizingFilter((s, in) -> new LowerCaseFilter(in))),
                entry("trim", normalizingFilter((s, in) -> new TrimFilter(in))),
                entry("asciifolding", normalizingFilter((s, in) -> new ASCIIFoldingFilter(in))),
                entry("cjk_width", normalizingFilter((s, in) -> new CJKWidthFilter(in))),
                entry(
                        "cjk_bigram",
                        filter(
                                (s, in) ->
                                        new CJKBigramFilter(
                                                in, 0xff, s.getAsBoolean("output_unigrams", false)))),
                entry("porter_stem", filter((s, in) -> new PorterStemFilter(in))),
                entry(
                        "edge_ngram",
                        filter(
                                (s, in) ->
                                        new EdgeNGramTokenFilter(
                                                in,
                                                s.getAsInt("min_gram", 1),
                                                s.getAsInt("max_gram", 2),
                                                s.getAsBoolean("preserve_original", false)))));
    }

    @Override
    public Collection<RestHandler> getRestHandlers(
            Settings settings,
            NamedWriteableRegistry writeables,
            RestController controller,
            ClusterSettings clusterSettings,
            IndexScopedSettings indexSettings,
            SettingsFilter settingsFilter,
            IndexNameExpressionResolver resolver,
            Supplier<DiscoveryNodes> nodes,
            Predicate<NodeFeature> features) {
        return List.of(new RootHandler(settings));
    }
}
